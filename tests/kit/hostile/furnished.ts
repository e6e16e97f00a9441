/** An account with something of everything in it, its owner (the first person here, so the operator, too) and a visitor, behind all declared routes. */
import { makeVisitorToken } from '@/lib/border/visitor'
import { newId } from '@/lib/core/ids'
import type { Understanding } from '@/lib/core/ports'
import { changePlan } from '@/lib/flows/change-plan'
import { createLabel } from '@/lib/flows/create-label'
import { createTeam } from '@/lib/flows/create-team'
import { openSession } from '@/lib/flows/open-session'
import { receiveMessage } from '@/lib/flows/receive-message'
import type { Ctx, Services } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { Browser, createKit, goodPassword, listen } from '../../db/identity/kit'
import { Team } from '../../db/identity/team'

export interface Furnished {
  services: Services
  /** The owner's own context. */
  owner: Ctx
  slug: string
  /** A visitor's. */
  token: string
  /** Of a label, a team, an inbox, a message, a conversation, a member, and of nothing. */
  ids: string[]
  databasePort: string
  /** @returns the cookies of a new session of the owner */
  signIn(): Promise<string>
  close(): Promise<void>
}

const understood: Understanding = {
  ...{ modelVersion: 'base', intent: 'refund', intentProbability: 0.9, inScope: true, latencyMs: 1 },
  ...{ sentiment: 'neutral', sentimentProbability: 0.8, sentimentScore: 0, language: 'en', languageProbability: 1 },
  ...{ urgency: 'normal', urgencyProbability: 0.9 },
}

export async function furnish(): Promise<Furnished> {
  const kit = await createKit()
  const { services } = kit
  const why = {
    modelVersion: 'base',
    ranked: [],
    label: 'refund',
    against: 'other',
    score: 1,
    start: 0,
    together: 0,
    words: [],
  }
  services.classifier = {
    classify: async () => understood,
    explain: async () => why,
    state: () => 'ready',
    close: async () => {},
  }
  const server = await listen(kit)
  const { owner, account } = await Team.make(kit)
  // With everything that a plan can have, so that requests get as deep as they can.
  await changePlan(account, { plan: 'business', interval: 'month', currency: 'usd' })
  const { siteKey, id: inboxId } = await inAccount(account, (tx) => tx.inbox.findFirstOrThrow())
  const label = await createLabel(account, { name: 'Broken', colour: 'red' })
  const team = await createTeam(account, { name: 'Returns', memberIds: [] })
  const opened = await openSession(kit.ctx(), { siteKey, origin: undefined, host: undefined })
  const { accountId } = account
  const visitor = { accountId, inboxId, contactId: opened.contactId, sessionId: opened.sessionId }
  const token = makeVisitorToken(services.env.LINGXI_TOKEN_SECRET, visitor, new Date())
  const as = kit.ctx({ kind: 'visitor', ...visitor }, accountId)
  const { received } = await receiveMessage(as, { clientId: newId(), text: 'Where is my order?' })
  const ids = [newId(), label.id, team.id, inboxId, received.id, received.conversationId, newId().toUpperCase()]
  return {
    services,
    owner: account,
    slug: owner.slug,
    token,
    ids,
    databasePort: new URL(kit.database.appUrl).port,
    signIn: async () => {
      // Some requests end the session they come with: as often as that may be.
      ;(globalThis as { lingxiTries?: Map<string, unknown> }).lingxiTries?.clear()
      const browser = new Browser(server.origin)
      const failed = await browser.signIn('password', { email: owner.email, password: goodPassword })
      if (failed) throw new Error(failed)
      return [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    },
    close: async () => {
      await server.close()
      await kit.close()
    },
  }
}
