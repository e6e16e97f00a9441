/** A look at the product, drawn in plain HTML with example data: what a visitor writes and what the desk makes of it. */
import CornerDownRight from 'lucide-react/icons/corner-down-right'
import { getTranslations } from 'next-intl/server'
import { Avatar } from '@/app/_ui/avatar'
import { Chip, LabelChip, SentimentChip, UrgencyChip } from '@/app/_ui/chip'

export async function Look() {
  const t = await getTranslations('site.look')
  return (
    <figure aria-label={t('label')} className="relative mx-auto w-full max-w-xl">
      <div className="relative isolate">
        {/* The thread: one line from the visitor's words to the labels they become. */}
        <svg
          viewBox="0 0 560 420"
          preserveAspectRatio="none"
          aria-hidden
          className="absolute inset-0 -z-10 size-full text-accent-line"
          fill="none"
        >
          <path
            d="M400 60C560 60 560 150 470 200S300 250 250 330"
            stroke="currentColor"
            strokeWidth="2"
            vectorEffect="non-scaling-stroke"
          />
        </svg>
        <div className="w-[78%] rounded-xl bg-surface p-4 shadow-float">
          <p className="mb-2 text-xs text-ink-3">{t('visitor')}</p>
          <p className="ms-auto w-fit max-w-[90%] rounded-lg rounded-ee-sm bg-accent px-3 py-2 text-base text-on-accent">
            {t('message')}
          </p>
        </div>
        <div className="mt-6 ms-auto w-[94%] rounded-xl bg-surface shadow-float">
          <p className="px-4 pt-3 text-xs text-ink-3">{t('desk')}</p>
          <div className="flex gap-3 px-4 py-3">
            <Avatar name="Visitor 1" size="large" />
            <div className="min-w-0">
              <p className="w-fit rounded-lg rounded-es-sm bg-speech-in px-3 py-1.5 text-base">{t('message')}</p>
              <div className="mt-2 flex flex-wrap gap-1.5">
                <LabelChip probability={0.88}>{t('intent')}</LabelChip>
                <SentimentChip value="negative" probability={0.93} />
                <UrgencyChip value="high" />
                <Chip tone="outline">{t('language')}</Chip>
              </div>
              <p className="mt-2 flex gap-1.5 text-ink-2">
                <CornerDownRight aria-hidden className="mt-0.5 size-4 flex-none text-accent-ink" />
                {t('why')}
              </p>
            </div>
          </div>
          <p className="ms-auto me-4 mb-4 w-fit max-w-[75%] rounded-lg rounded-ee-sm bg-speech-out px-3 py-1.5 text-base">
            {t('reply')}
          </p>
          <div className="flex gap-3 border-t border-line px-4 py-3">
            <Avatar name="Visitor 7" size="large" />
            <div className="min-w-0">
              <p className="w-fit rounded-lg rounded-es-sm bg-speech-in px-3 py-1.5 text-base">{t('unsureMessage')}</p>
              <p className="mt-2 flex flex-wrap items-center gap-x-2 gap-y-1 text-ink-2">
                <LabelChip abstained />
                {t('unsureWhy')}
              </p>
            </div>
          </div>
        </div>
      </div>
      <figcaption className="mt-4 text-end text-xs text-ink-3">{t('caption')}</figcaption>
    </figure>
  )
}
