/** What is known beside the conversation: its properties, the contact, and what else they wrote about. */
'use client'

import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Avatar } from '@/app/_ui/avatar'
import { Chip, Dot } from '@/app/_ui/chip'
import { Time } from '@/app/_ui/time'
import { webAddress } from '@/app/_ui/web-address'
import { useActions } from '../_data/actions'
import type { OpenConversation } from '../_data/conversation'
import { useCanWork, usePeople } from '../_data/people'
import { AssigneePicker, LabelPicker, PriorityPicker, TeamPicker } from '../_parts/pickers'
import { PriorityIcon } from '../_parts/priority-icon'
import { SnoozePicker } from '../_parts/snooze-picker'
import { Consent } from './consent'
import { EraseContact } from './erase-contact'
import { OtherConversations } from './other-conversations'
import { Property } from './property'
import { Section } from './section'

export function SidePane({ conversation, inSheet }: { conversation: OpenConversation; inSheet?: boolean }) {
  return (
    <div className={inSheet ? '-mx-4' : 'h-full overflow-y-auto'}>
      <Properties conversation={conversation} />
      <Contact conversation={conversation} />
      <OtherConversations conversation={conversation} />
      <Facts conversation={conversation} />
    </div>
  )
}

/** A value that opens its picker. */
const valueClass =
  '-ms-2 flex min-h-8 w-full min-w-0 items-center gap-1.5 rounded-md px-2 text-start hover:bg-hover disabled:cursor-default disabled:hover:bg-transparent aria-expanded:bg-hover'

function Properties({ conversation }: { conversation: OpenConversation }) {
  const t = useTranslations('inbox')
  const people = usePeople()
  const actions = useActions(conversation)
  const off = !useCanWork()
  const owner = people.member(conversation.assigneeId)
  const team = people.team(conversation.teamId)
  const labels = conversation.labelIds.flatMap((id) => people.label(id) ?? [])
  const shared = { conversation, actions, align: 'end' } as const
  const quiet = (words: string) => <span className="text-ink-3">{words}</span>
  const value = (name: string, content: ReactNode) => (
    <button type="button" className={valueClass} disabled={off} aria-label={name}>
      {content}
    </button>
  )
  return (
    <Section title={t('side.properties')}>
      <dl>
        <Property name={t('side.assignee')}>
          <AssigneePicker
            {...shared}
            trigger={value(
              `${t('side.assignee')}: ${owner?.name ?? t('side.nobody')}`,
              owner ? (
                <>
                  <Avatar name={owner.name} className="size-5 text-[0.625rem]" />
                  <span className="truncate">{owner.name}</span>
                </>
              ) : (
                quiet(t('side.nobody'))
              ),
            )}
          />
        </Property>
        <Property name={t('side.team')}>
          <TeamPicker
            {...shared}
            trigger={value(
              `${t('side.team')}: ${team?.name ?? t('side.none')}`,
              team ? <span className="truncate">{team.name}</span> : quiet(t('side.none')),
            )}
          />
        </Property>
        <Property name={t('side.priority')}>
          <PriorityPicker
            {...shared}
            trigger={value(
              `${t('side.priority')}: ${t(`priority.${conversation.priority}`)}`,
              <>
                <span aria-hidden className="contents">
                  <PriorityIcon value={conversation.priority} always />
                </span>
                {t(`priority.${conversation.priority}`)}
              </>,
            )}
          />
        </Property>
        <Property name={t('side.labels')}>
          <LabelPicker
            {...shared}
            trigger={value(
              `${t('side.labels')}: ${labels.map((label) => label.name).join(', ') || t('side.none')}`,
              labels.length ? (
                <span className="flex flex-wrap gap-1 py-1">
                  {labels.map((label) => (
                    <Chip key={label.id} tone="outline">
                      <Dot colour={label.colour} />
                      <span className="truncate">{label.name}</span>
                    </Chip>
                  ))}
                </span>
              ) : (
                quiet(t('side.none'))
              ),
            )}
          />
        </Property>
        <Property name={t('head.snooze')}>
          <SnoozePicker
            {...shared}
            trigger={value(
              t('head.snooze'),
              conversation.snoozedUntil ? <Time at={conversation.snoozedUntil} look="clock" /> : quiet(t('side.none')),
            )}
          />
        </Property>
      </dl>
    </Section>
  )
}

const fact = (name: string, value: ReactNode) => (value ? <Property name={name}>{value}</Property> : null)

function Contact({ conversation: { contact, person } }: { conversation: OpenConversation }) {
  const t = useTranslations('inbox.side')
  const name = contact.name ?? t('unnamed')
  return (
    <Section title={t('contact')}>
      <p className="mb-1 flex items-center gap-2 py-1">
        <Avatar name={name} size="large" />
        <span className="min-w-0 truncate text-base font-medium">{name}</span>
      </p>
      <dl>
        {fact(
          t('email'),
          person?.email ? (
            <a
              className="block truncate text-accent-ink hover:underline"
              href={`mailto:${encodeURIComponent(person.email).replaceAll('%40', '@')}`}
            >
              {person.email}
            </a>
          ) : null,
        )}
        {fact(t('phone'), person?.phone)}
        {fact(t('page'), person?.page ? <VisitedPage page={person.page} /> : null)}
        {fact(t('language'), <Language tag={contact.locale} />)}
        {fact(
          t('externalId'),
          person?.externalId ? (
            <>
              <span className="block truncate font-mono text-xs">{person.externalId}</span>
              <span className="block text-xs text-ink-3">{t('signed')}</span>
            </>
          ) : null,
        )}
        <Consent contactId={contact.id} />
        {fact(t('firstSeen'), person ? <Time at={person.createdAt} /> : null)}
        {fact(t('lastSeen'), person ? <Time at={person.lastSeenAt} /> : null)}
      </dl>
      <EraseContact contactId={contact.id} name={name} />
    </Section>
  )
}

/** Only web addresses are pressed; anything else a page claims is shown as text. */
function VisitedPage({ page }: { page: string }) {
  const address = webAddress(page)
  if (!address) return <span className="block truncate">{page}</span>
  return (
    <a
      className="block truncate text-accent-ink hover:underline"
      href={address}
      target="_blank"
      rel="noopener noreferrer nofollow"
      data-tip={page}
    >
      {page.replace(/^https?:\/\//i, '')}
    </a>
  )
}

function Language({ tag }: { tag: string }) {
  return <>{tag.startsWith('zh') ? '简体中文' : tag === 'en' ? 'English' : tag}</>
}

function Facts({ conversation }: { conversation: OpenConversation }) {
  const t = useTranslations('inbox.side')
  const time = (at: string | null) => (at ? <Time at={at} /> : null)
  return (
    <Section title={t('facts')}>
      <dl>
        {fact(t('number'), <span className="numbers">{conversation.displayId}</span>)}
        {fact(t('inbox'), conversation.inboxName)}
        {fact(t('created'), time(conversation.createdAt))}
        {fact(t('firstReply'), time(conversation.firstReplyAt))}
        {fact(t('waiting'), time(conversation.waitingSince))}
        {fact(t('resolvedAt'), time(conversation.resolvedAt))}
        {fact(t('messages'), <span className="numbers">{conversation.messageCount}</span>)}
      </dl>
    </Section>
  )
}
