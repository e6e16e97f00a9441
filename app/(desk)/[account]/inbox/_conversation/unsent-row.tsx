/** A message on its way: shown at once, with what can be done when it did not arrive. */
'use client'

import CircleAlert from 'lucide-react/icons/circle-alert'
import { useTranslations } from 'next-intl'
import { Button } from '@/app/_ui/button'
import { cn } from '@/app/_ui/cn'
import { useErrorWords } from '@/app/_ui/error-words'
import { discardUnsent, editUnsent, type Unsent, type useOutbox } from '../_data/outbox'
import { useUploads } from '../_data/uploads'
import { Bubble } from './message-row'
import { Uploads } from './uploads'

export function UnsentRow({ message, outbox }: { message: Unsent; outbox: ReturnType<typeof useOutbox> }) {
  const t = useTranslations('inbox.message')
  const words = useErrorWords()
  const failed = message.state === 'failed'
  const files = useUploads().filter((each) => message.files.includes(each.id))
  return (
    <div className="mt-2 flex flex-col items-end">
      <Bubble
        message={{ text: message.text, prediction: null }}
        className={cn(
          'rounded-ee-sm',
          message.private ? 'border border-warn-line bg-speech-note' : 'bg-speech-out',
          !failed && 'opacity-70',
        )}
      />
      <Uploads files={files} fixed />
      {failed ? (
        <div role="alert" className="mt-1 flex flex-wrap items-center justify-end gap-1 text-xs">
          <span className="inline-flex items-center gap-1 text-bad-ink">
            <CircleAlert aria-hidden className="size-3.5" />
            {[t('failed'), message.error ? words(message.error).title : '', message.lost ? t('lost') : '']
              .filter(Boolean)
              .join(' · ')}
          </span>
          {message.lost ? null : (
            <Button size="small" onClick={() => outbox.retry(message)}>
              {t('retry')}
            </Button>
          )}
          <Button size="small" look="ghost" onClick={() => editUnsent(message)}>
            {t('edit')}
          </Button>
          <Button size="small" look="ghost" onClick={() => discardUnsent(message)}>
            {t('discard')}
          </Button>
        </div>
      ) : (
        <span className="mt-0.5 animate-late text-xs text-ink-3">{t('sending')}</span>
      )}
    </div>
  )
}
