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
import { Probability } from '@/app/_ui/chip'
import { EmptyState, ErrorState, SkeletonRows } from '@/app/_ui/states'
import { Time } from '@/app/_ui/time'
import { toastError, toastUndo } from '@/app/_ui/toast'
import { useIntentName } from '@/app/(desk)/[account]/inbox/_data/people'
import type { Health, HealthText } from '@/lib/flows/read-health'
import { type Sent, useLearning, useMayTrain } from '../../_data/learning'
import { IntentChip, ItIs } from './it-is'
import { OverlapItem } from './overlaps'
import { ProposalItem } from './proposals'

/** Texts of one press. */
const movedAtMost = 200

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
  const again = () => client.invalidateQueries({ queryKey: key })
  /** One press, one way back; each text keeps its source and its author. */
  const relabel = async (texts: readonly HealthText[], intent: string) => {
    try {
      const ids = texts.slice(0, movedAtMost).map(({ id }) => id)
      const { undoId } = await api.post<{ undoId: string }>('examples/move', { ids, intent })
      toastUndo(t('relabelled', { name: nameOf(intent) }), () => api.post(`undo/${undoId}`).then(again))
    } catch (error) {
      toastError(error)
    }
    await again()
  }
  const keep = async (texts: readonly HealthText[]) => {
    const kept: string[] = []
    const doubt = async () => {
      for (const id of kept) await api.delete(`learning/keeps/${id}`)
      await again()
    }
    try {
      for (const { id, intent } of texts) {
        await api.put(`learning/keeps/${id}`, { intent })
        kept.push(id)
      }
    } catch (error) {
      toastError(error)
    }
    const [first] = texts
    if (first && kept.length) toastUndo(t('kept', { count: kept.length, name: nameOf(first.intent) }), doubt)
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
            <div className="flex min-w-0 flex-wrap gap-2">
              <ItIs intent={doubt.guess} onClick={() => void relabel([doubt], doubt.guess)} />
              <Button size="small" look="ghost" onClick={() => void keep([doubt])}>
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
  relabel: (texts: readonly HealthText[], intent: string) => Promise<void>
  keep: (texts: readonly HealthText[]) => Promise<void>
}) {
  const t = useTranslations('models.health')
  const intents = [...new Set(group.map(({ intent }) => intent))]
  const settle = (intent: string) =>
    relabel(
      group.filter((text) => text.intent !== intent),
      intent,
    )
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5">
      <ul className="flex min-w-0 flex-1 basis-72 flex-col gap-1 wrap-anywhere">
        {group.map(({ id, text, intent }) => (
          <li key={id} className="flex flex-wrap items-baseline gap-x-2">
            <span className="text-pretty">{text}</span>
            <IntentChip intent={intent} />
          </li>
        ))}
      </ul>
      <div className="flex min-w-0 flex-wrap gap-2">
        {intents.map((intent) => (
          <ItIs key={intent} intent={intent} onClick={() => void settle(intent)} />
        ))}
        <Button size="small" look="ghost" onClick={() => void keep(group)}>
          {t('keep')}
        </Button>
      </div>
    </li>
  )
}
