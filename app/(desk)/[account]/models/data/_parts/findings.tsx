/** What is wrong with the labels themselves, each finding with the way to mend it. */
'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import ScanSearch from 'lucide-react/icons/scan-search'
import ShieldCheck from 'lucide-react/icons/shield-check'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { useAccount, useApi } from '@/app/_ui/account'
import { Button } from '@/app/_ui/button'
import { Chip, Probability } from '@/app/_ui/chip'
import { EmptyState, ErrorState, SkeletonRows } from '@/app/_ui/states'
import { Time } from '@/app/_ui/time'
import { toastError, toastUndo } from '@/app/_ui/toast'
import { useIntentName } from '@/app/(desk)/[account]/inbox/_data/people'
import type { Health, HealthText } from '@/lib/flows/read-health'
import { type Sent, useLearning, useMayTrain } from '../../_data/learning'
import { OverlapItem } from './overlaps'
import { ProposalItem } from './proposals'

function useHealth() {
  const api = useApi()
  const account = useAccount()
  const client = useQueryClient()
  const t = useTranslations('models.health')
  const nameOf = useIntentName()
  const key = [account, 'health']
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api.get<Sent<Health>>('learning/health', {}, { signal }),
    enabled: useMayTrain() === true,
    // Its end is told; one that was not told is noticed.
    refetchInterval: ({ state }) => (state.data?.again ? 5_000 : false),
  })
  const say = ({ messageId, text }: HealthText, intent: string) =>
    messageId
      ? api.post('correct', { messageId, field: 'intent', value: intent })
      : api.post('examples', { text, intent })
  const again = () => client.invalidateQueries({ queryKey: key })
  const relabel = async (text: HealthText, intent: string) => {
    try {
      await say(text, intent)
      toastUndo(t('relabelled', { name: nameOf(intent) }), () => say(text, text.intent).then(again))
    } catch (error) {
      toastError(error)
    }
    await again()
  }
  const keep = async ({ id, intent }: HealthText) => {
    try {
      await api.put(`learning/keeps/${id}`, { intent })
      toastUndo(t('kept', { name: nameOf(intent) }), () => api.delete(`learning/keeps/${id}`).then(again))
    } catch (error) {
      toastError(error)
    }
    await again()
  }
  return { query, relabel, keep, again }
}

export function LabelHealth() {
  const t = useTranslations('models.health')
  const { query } = useHealth()
  const health = query.data
  return (
    <>
      <header>
        <h2 className="text-lg">{t('title')}</h2>
        <p className="max-w-prose text-pretty text-ink-2">{t('lead')}</p>
        {health?.lookedAt ? (
          <p aria-live="polite" className="text-xs text-ink-3">
            {t.rich('lookedAt', { when: () => <Time at={health.lookedAt as string} look="clock" /> })}{' '}
            {health.again ? t('again') : null}
          </p>
        ) : null}
      </header>
      {health && !health.lookedAt && isSound(health) ? (
        <div className="panel" aria-busy>
          <EmptyState heading="h3" icon={<ScanSearch />} title={t('first')}>
            {t('firstLead')}
          </EmptyState>
        </div>
      ) : health && isSound(health) ? (
        <div className="panel">
          <EmptyState heading="h3" icon={<ShieldCheck />} title={t('empty')}>
            {t('emptyLead')}
          </EmptyState>
        </div>
      ) : health ? (
        <Findings health={health} />
      ) : query.error ? (
        <ErrorState error={query.error} retry={() => query.refetch()} />
      ) : (
        <SkeletonRows rows={8} className="panel" />
      )}
    </>
  )
}

const isSound = ({ doubts, contradictions, overlaps, tooFew, proposals }: Sent<Health>) =>
  [doubts, contradictions, overlaps, tooFew, proposals].every((findings) => findings.length === 0)

function Findings({ health }: { health: Sent<Health> }) {
  const t = useTranslations('models.health')
  const account = useAccount()
  const nameOf = useIntentName()
  const { relabel, keep, again } = useHealth()
  const learning = useLearning().query.data
  // They come from the newest ordinary training.
  const judged = learning?.runs.find(({ state, epsilon }) => state === 'succeeded' && epsilon === null)
  const newest = learning?.versions.find(({ runId }) => runId === judged?.id)
  return (
    <>
      <Section title={t('proposals')} lead={t('proposalsLead')} count={health.proposals.length}>
        {health.proposals.map((proposal) => (
          <ProposalItem key={proposal.messageIds[0]} proposal={proposal} again={again} />
        ))}
      </Section>
      <Section title={t('doubts')} lead={t('doubtsLead')} count={health.doubts.length}>
        {health.doubts.map((doubt) => (
          <li key={doubt.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5">
            <div className="min-w-0 flex-1 basis-72">
              <p className="text-pretty">{doubt.text}</p>
              <p className="flex flex-wrap items-center gap-x-2 text-xs text-ink-3">
                {t('labelled', { name: nameOf(doubt.intent) })} · {t('rather', { name: nameOf(doubt.guess) })}
                <Probability value={doubt.probability} />
              </p>
            </div>
            <div className="flex flex-wrap gap-2">
              <Button size="small" onClick={() => void relabel(doubt, doubt.guess)}>
                {t('itIs', { name: nameOf(doubt.guess) })}
              </Button>
              <Button size="small" look="ghost" onClick={() => void keep(doubt)}>
                {t('keep')}
              </Button>
            </div>
          </li>
        ))}
      </Section>
      <Section title={t('contradictions')} lead={t('contradictionsLead')} count={health.contradictions.length}>
        {health.contradictions.map((group) => (
          <Contradiction key={group[0]?.id} group={group} relabel={relabel} keep={keep} />
        ))}
      </Section>
      <Section title={t('overlaps')} lead={t('overlapsLead')} count={health.overlaps.length}>
        {health.overlaps.map((pair) => (
          <OverlapItem key={`${pair.one} ${pair.other}`} pair={pair} version={newest?.number} relabel={relabel} />
        ))}
      </Section>
      <Section title={t('tooFew')} lead={t('tooFewLead')} count={health.tooFew.length}>
        {health.tooFew.map(({ key, texts }) => (
          <li key={key} className="flex items-center gap-3 px-4 py-2">
            <Link href={`/${account}/models/intents`} className="min-w-0 flex-1 rounded-sm hover:underline">
              {nameOf(key)}
            </Link>
            <span className="numbers text-ink-3">{t('texts', { count: texts })}</span>
          </li>
        ))}
      </Section>
    </>
  )
}

function Section({
  title,
  lead,
  count,
  children,
}: {
  title: string
  lead: string
  count: number
  children: ReactNode
}) {
  if (!count) return null
  return (
    <section className="flex flex-col gap-2">
      <header>
        <h3 className="text-base font-semibold">
          {title} <span className="numbers font-normal text-ink-3">{count}</span>
        </h3>
        <p className="max-w-prose text-pretty text-ink-2">{lead}</p>
      </header>
      <ul className="panel divide-y divide-line">{children}</ul>
    </section>
  )
}

/** One press gives all of them the same label, or says that they differ on purpose. */
function Contradiction({
  group,
  relabel,
  keep,
}: {
  group: readonly HealthText[]
  relabel: (text: HealthText, intent: string) => Promise<void>
  keep: (text: HealthText) => Promise<void>
}) {
  const t = useTranslations('models.health')
  const nameOf = useIntentName()
  const intents = [...new Set(group.map(({ intent }) => intent))]
  const settle = async (intent: string) => {
    for (const text of group) if (text.intent !== intent) await relabel(text, intent)
  }
  const differ = async () => {
    for (const text of group) await keep(text)
  }
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5">
      <ul className="flex min-w-0 flex-1 basis-72 flex-col gap-1">
        {group.map(({ id, text, intent }) => (
          <li key={id} className="flex flex-wrap items-baseline gap-x-2">
            <span className="text-pretty">{text}</span>
            <Chip tone="outline">{nameOf(intent)}</Chip>
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        {intents.map((intent) => (
          <Button key={intent} size="small" onClick={() => void settle(intent)}>
            {t('itIs', { name: nameOf(intent) })}
          </Button>
        ))}
        <Button size="small" look="ghost" onClick={() => void differ()}>
          {t('keep')}
        </Button>
      </div>
    </li>
  )
}
