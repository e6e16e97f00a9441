/** What there is to learn from, and where more comes from. */
'use client'

import ListChecks from 'lucide-react/icons/list-checks'
import Tags from 'lucide-react/icons/tags'
import { useTranslations } from 'next-intl'
import { useAccount } from '@/app/_ui/account'
import { ButtonLink } from '@/app/_ui/button'
import { Field } from '@/app/_ui/field'
import { Select } from '@/app/_ui/input'
import { toast, toastError } from '@/app/_ui/toast'
import { ruleSizes } from '@/lib/core/learning'
import { type LearningState, useLearning } from '../_data/learning'

export function Ready({ learning }: { learning: LearningState }) {
  const t = useTranslations('models.ready')
  const account = useAccount()
  const { texts, own, tooFew } = learning.learned
  return (
    <section aria-labelledby="to-learn" className="panel flex flex-col gap-3 p-5">
      <h2 id="to-learn" className="text-xs font-medium text-ink-3">
        {t('title')}
      </h2>
      <div>
        <p className="numbers text-lg font-semibold">{t('texts', { texts })}</p>
        <p className="text-ink-2">{t('own', { own })}</p>
        {tooFew ? (
          <p className="text-warn-ink">{t('tooFew', { count: tooFew, least: learning.fewestExamples })}</p>
        ) : null}
      </div>
      <ByItself learning={learning} />
      <div className="mt-auto flex flex-col gap-2">
        <ButtonLink href={`/${account}/models/review`}>
          <ListChecks aria-hidden />
          {t('review')}
        </ButtonLink>
        <ButtonLink href={`/${account}/models/intents`} look="ghost">
          <Tags aria-hidden />
          {t('intents')}
        </ButtonLink>
      </div>
    </section>
  )
}

/** When the account trains without anybody's press; what comes of it still waits for one. */
function ByItself({ learning: { rule } }: { learning: LearningState }) {
  const t = useTranslations('models.ready.itself')
  const { api, again } = useLearning()
  const save = async (chosen: string) => {
    try {
      await api.put('learning/rule', { afterCorrections: Number(chosen) || null, weekly: chosen === 'weekly' })
      toast(t('saved'))
    } catch (error) {
      toastError(error)
    }
    await again()
  }
  const sizes = [...new Set([...ruleSizes, ...(rule.afterCorrections ? [rule.afterCorrections] : [])])]
  return (
    <Field label={t('label')}>
      <Select
        value={rule.weekly ? 'weekly' : (rule.afterCorrections ?? '')}
        onChange={(event) => void save(event.target.value)}
      >
        <option value="">{t('never')}</option>
        {sizes.map((count) => (
          <option key={count} value={count}>
            {t('after', { count })}
          </option>
        ))}
        <option value="weekly">{t('weekly')}</option>
      </Select>
    </Field>
  )
}
