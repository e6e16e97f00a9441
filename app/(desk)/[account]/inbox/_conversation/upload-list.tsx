/** Files on their way: a small face, how far each is, and what can be done about it. */
'use client'

import CircleAlert from 'lucide-react/icons/circle-alert'
import RotateCcw from 'lucide-react/icons/rotate-ccw'
import X from 'lucide-react/icons/x'
import { useLocale, useTranslations } from 'next-intl'
import { IconButton } from '@/app/_ui/button'
import { cn } from '@/app/_ui/cn'
import { useErrorWords } from '@/app/_ui/error-words'
import { formatSize } from '../_data/file-size'
import { forget, retryUpload, type Upload } from '../_data/uploads'

export function UploadList({ files, fixed }: { files: readonly Upload[]; fixed?: boolean }) {
  const t = useTranslations('inbox.files')
  return (
    <ul aria-label={t('list')} className="flex flex-wrap gap-1.5 py-1">
      {files.map((file) => (
        <Row key={file.id} file={file} fixed={fixed} />
      ))}
    </ul>
  )
}

function Row({ file, fixed }: { file: Upload; fixed: boolean | undefined }) {
  const t = useTranslations('inbox.files')
  const words = useErrorWords()
  const locale = useLocale()
  const { id, name, size, picture, share, state, error } = file
  const failed = state === 'failed'
  return (
    <li
      className={cn(
        'relative flex h-11 w-56 max-w-full items-center gap-2 overflow-hidden rounded-md border bg-surface ps-1.5 text-sm',
        failed ? 'border-bad-ink' : 'border-line',
        fixed && 'pe-2',
      )}
    >
      {failed ? (
        <CircleAlert aria-hidden className="mx-1.5 size-5 flex-none text-bad-ink" />
      ) : picture ? (
        // biome-ignore lint/performance/noImgElement: a picture that is still on this device
        <img src={picture} alt="" className="size-8 flex-none rounded-sm bg-sunken object-cover" />
      ) : (
        <span aria-hidden className="grid size-8 flex-none place-items-center rounded-sm bg-sunken text-xs uppercase">
          {name.split('.').at(-1)?.slice(0, 4)}
        </span>
      )}
      <span className="min-w-0 flex-1">
        <span className="block truncate" data-tip={name}>
          {name}
        </span>
        {failed ? (
          <span role="alert" className="block truncate text-xs text-bad-ink" data-tip={words(error).detail}>
            {words(error).title}
          </span>
        ) : (
          <span className="numbers block text-xs text-ink-3">{formatSize(size, locale)}</span>
        )}
      </span>
      {state === 'sending' ? (
        <progress
          value={share}
          aria-label={t('progress', { name })}
          className="absolute inset-x-0 bottom-0 h-0.5 w-full accent-accent"
        />
      ) : null}
      {failed && canRetry(error) ? (
        <IconButton label={t('retry', { name })} size="small" onClick={() => retryUpload(id)}>
          <RotateCcw aria-hidden />
        </IconButton>
      ) : null}
      {fixed ? null : (
        <IconButton label={t('remove', { name })} size="small" onClick={() => forget([id])}>
          <X aria-hidden />
        </IconButton>
      )}
    </li>
  )
}

/** What was refused for what it is will be refused again. */
const canRetry = (error: unknown): boolean => {
  const status = (error as { status?: number } | undefined)?.status ?? 0
  return status < 400 || status === 429 || status >= 500
}
