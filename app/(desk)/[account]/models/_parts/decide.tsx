/** The account's word on a version that was made for it: nobody is answered by it before it is accepted. */
'use client'

import { useTranslations } from 'next-intl'
import { Button } from '@/app/_ui/button'
import { Chip } from '@/app/_ui/chip'
import { toastError, toastUndo } from '@/app/_ui/toast'
import { type LearningState, type SentVersion, useLearning } from '../_data/learning'

/** The order that a version came of, if it is not accepted. */
export const undecided = (learning: LearningState | undefined, version: Pick<SentVersion, 'runId'>) =>
  learning?.orders.find(({ runId, decision }) => runId === version.runId && decision !== 'accepted')

export function Decide({ version }: { version: Pick<SentVersion, 'id' | 'number' | 'runId'> }) {
  const t = useTranslations('models.madeForYou')
  const { query, api, again } = useLearning()
  const order = undecided(query.data, version)
  if (!order) return null
  const decide = async (decision: 'accepted' | 'declined') => {
    const put = (wanted: typeof order.decision) =>
      api.put(`learning/versions/${version.id}/decision`, { decision: wanted }).then(again)
    try {
      await put(decision)
      toastUndo(t(decision, { number: version.number }), () => put(order.decision))
    } catch (error) {
      toastError(error)
    }
  }
  return (
    <span className="inline-flex flex-wrap items-center justify-end gap-2">
      <Chip tone={order.decision ? 'outline' : 'accent'}>{t(order.decision ? 'wasDeclined' : 'made')}</Chip>
      <Button size="small" onClick={() => void decide('accepted')}>
        {t('accept')}
      </Button>
      {order.decision ? null : (
        <Button size="small" look="ghost" onClick={() => void decide('declined')}>
          {t('decline')}
        </Button>
      )}
    </span>
  )
}
