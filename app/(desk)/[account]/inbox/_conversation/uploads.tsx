/** The list of files on their way; its code comes with the first file. */
'use client'

import { lazy, Suspense } from 'react'
import { whenNeeded } from '@/app/_ui/when-needed'
import type { Upload } from '../_data/uploads'

const UploadList = lazy(whenNeeded(() => import('./upload-list').then(({ UploadList }) => ({ default: UploadList }))))

export function Uploads(props: { files: readonly Upload[]; fixed?: boolean }) {
  return props.files.length ? (
    <Suspense fallback={<div className="h-13" />}>
      <UploadList {...props} />
    </Suspense>
  ) : null
}
