/** The shape of rows while the first answer is on its way; unseen for the first 200 ms. */
import { useTranslations } from 'next-intl'
import { Skeleton } from '@/app/_ui/states'

const names = ['w-24', 'w-32', 'w-20', 'w-28', 'w-24', 'w-36', 'w-20']
const texts = ['w-4/5', 'w-3/5', 'w-2/3', 'w-4/5', 'w-1/2', 'w-3/4', 'w-2/3']

export function ListSkeleton() {
  const t = useTranslations('common')
  return (
    <div role="status" aria-label={t('loading')}>
      {names.map((name, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows never move
        <div key={i} className="flex gap-2.5 px-3 py-3.5">
          <Skeleton className="size-7 rounded-full" />
          <div className="flex-1 space-y-2 pt-0.5">
            <Skeleton className={`h-3 ${name}`} />
            <Skeleton className={`h-3 ${texts[i]}`} />
          </div>
        </div>
      ))}
    </div>
  )
}
