/** One picture, as large as the window lets it be. */
'use client'

import { useTranslations } from 'next-intl'
import { ButtonLink } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'

export function PictureViewer({
  name,
  address,
  open,
  onOpenChange,
}: {
  name: string
  address: string
  open: boolean
  onOpenChange: (open: boolean) => void
}) {
  const t = useTranslations('inbox.files')
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={name}
      size="wide"
      footer={
        <>
          <ButtonLink href={address} target="_blank" rel="noreferrer" prefetch={false}>
            {t('newTab')}
          </ButtonLink>
          <ButtonLink href={address} download={name} prefetch={false}>
            {t('download')}
          </ButtonLink>
        </>
      }
    >
      {/* biome-ignore lint/performance/noImgElement: a private file of the account, as it is */}
      <img src={address} alt={name} className="mx-auto max-h-[70vh] w-auto rounded-md bg-sunken" />
    </Dialog>
  )
}
