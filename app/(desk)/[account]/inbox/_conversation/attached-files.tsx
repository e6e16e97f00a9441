/** The files of a message: pictures in a box of their own size, so that nothing jumps; everything else as a row to download. */
'use client'

import FileText from 'lucide-react/icons/file-text'
import { useLocale, useTranslations } from 'next-intl'
import { lazy, Suspense, useState } from 'react'
import { useAccount } from '@/app/_ui/account'
import { cn } from '@/app/_ui/cn'
import { whenNeeded } from '@/app/_ui/when-needed'
import type { AttachedFile } from '@/lib/core/attachment'
import { formatSize } from '../_data/file-size'

const PictureViewer = lazy(
  whenNeeded(() => import('./picture-viewer').then(({ PictureViewer }) => ({ default: PictureViewer }))),
)

/** The largest a picture is drawn in a transcript, px. */
const wide = 300
const high = 220

export function AttachedFiles({ files, end }: { files: readonly AttachedFile[]; end?: boolean }) {
  const account = useAccount()
  if (!files.length) return null
  return (
    <ul className={cn('flex max-w-full flex-wrap gap-1.5 not-first:mt-1', end && 'justify-end')}>
      {files.map((file) => {
        const address = `/api/v1/${encodeURIComponent(account)}/attachments/${file.id}`
        return (
          <li key={file.id} className="max-w-full min-w-0">
            {file.type.startsWith('image/') ? (
              <Picture file={file} address={address} />
            ) : (
              <FileRow file={file} address={address} />
            )}
          </li>
        )
      })}
    </ul>
  )
}

function Picture({ file, address }: { file: AttachedFile; address: string }) {
  const t = useTranslations('inbox.files')
  const [open, setOpen] = useState<boolean>()
  const [broken, setBroken] = useState(false)
  if (broken) return <FileRow file={file} address={address} />
  const { width = wide, height = high, name } = file
  const scale = Math.min(1, wide / width, high / height)
  return (
    <>
      <button
        type="button"
        className="block max-w-full cursor-zoom-in rounded-lg border border-line bg-sunken"
        aria-label={t('show', { name })}
        data-tip={name}
        onClick={() => setOpen(true)}
      >
        {/* biome-ignore lint/performance/noImgElement: a private file of the account, as it is */}
        <img
          src={address}
          alt=""
          width={Math.max(32, Math.round(width * scale))}
          height={Math.max(32, Math.round(height * scale))}
          loading="lazy"
          className="rounded-lg object-contain"
          onError={() => setBroken(true)}
        />
      </button>
      {open === undefined ? null : (
        <Suspense>
          <PictureViewer name={name} address={address} open={open} onOpenChange={setOpen} />
        </Suspense>
      )}
    </>
  )
}

function FileRow({ file, address }: { file: AttachedFile; address: string }) {
  return (
    <a
      href={address}
      download={file.name}
      className="flex max-w-full items-center gap-2 rounded-lg border border-line bg-surface py-1.5 ps-2 pe-3 hover:bg-hover"
    >
      <FileFace name={file.name} size={file.size} />
    </a>
  )
}

/** Icon, name, size. */
export function FileFace({ name, size }: { name: string; size: number }) {
  const locale = useLocale()
  return (
    <>
      <FileText aria-hidden className="size-5 flex-none text-ink-3" />
      <span className="min-w-0">
        <span className="block max-w-64 truncate">{name}</span>
        <span className="numbers block text-xs text-ink-3">{formatSize(size, locale)}</span>
      </span>
    </>
  )
}
