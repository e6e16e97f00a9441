/** `npm run reset-second-factor -- ADDRESS`: the operator takes away the second factor of somebody who lost phone and recovery codes. */
import { isAppError } from '@/lib/core/errors'
import { newId } from '@/lib/core/ids'
import { resetSecondFactor } from '@/lib/flows/reset-second-factor'
import { createServices } from '@/lib/start'
import { joinInstallation } from './join-installation'
import { command, UsageError } from './training/options'

const usage = `npm run reset-second-factor -- person@example.com
Be sure who asks: from then on the password, a mailed link or a provider is enough to sign in as this person.
They are told by mail, their sessions end, and the audit log of each of their accounts says so.`

const said: Record<string, string> = {
  email_invalid: 'That is no e-mail address.',
  not_found: 'Nobody signs in with that address.',
  second_factor_missing: 'That person has no second factor.',
  not_signed_in: 'That sign-in has been switched off.',
}

/** What cannot be done, in one sentence. */
class Refused extends Error {
  override readonly name = 'Refused'
}

await command(usage, ['Refused'], async () => {
  const [email, ...more] = process.argv.slice(2)
  if (!email || email === '--help' || more.length) throw new UsageError('One address is needed.')
  const services = createServices('reset-second-factor', await joinInstallation())
  try {
    await resetSecondFactor(
      {
        services,
        actor: { kind: 'system', reason: 'reset by command' },
        accountId: '',
        locale: 'en',
        now: () => new Date(),
        newId,
        random: Math.random,
      },
      { email },
    )
    process.stdout.write('Done: they sign in without a code now, and have been told by mail.\n')
  } catch (error) {
    throw isAppError(error) && said[error.code] ? new Refused(said[error.code]) : error
  } finally {
    await services.close()
  }
})
