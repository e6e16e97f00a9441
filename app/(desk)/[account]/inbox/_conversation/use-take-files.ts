/** The ways a file comes into a composer: chosen, pasted, or dropped onto it. */
'use client'

import { type ClipboardEvent, type DragEvent, useCallback, useRef, useState } from 'react'
import { useAccount } from '@/app/_ui/account'
import { ApiError } from '@/app/_ui/api'
import { toastError } from '@/app/_ui/toast'
import { mostFiles } from '@/lib/core/attachment'
import { addFiles } from '../_data/uploads'

/** The kinds the server takes; HEIC of telephones comes as JPEG because it is not on the list. */
const accept = 'image/png,image/jpeg,image/gif,image/webp,.pdf,.txt,.csv,.tsv,.log,.md'

export function useTakeFiles(conversationId: string, count: number) {
  const account = useAccount()
  const [over, setOver] = useState(false)
  /** Enters and leaves of the parts inside, which all tell of themselves. */
  const depth = useRef(0)
  const take = useCallback(
    (files: readonly File[]) => {
      const room = mostFiles - count
      if (files.length > room) toastError(new ApiError('too_many_attachments', 422))
      if (room > 0) addFiles(account, conversationId, files.slice(0, room))
    },
    [account, conversationId, count],
  )
  const choose = useCallback(() => {
    const input = Object.assign(document.createElement('input'), { type: 'file', multiple: true, accept })
    input.onchange = () => take([...(input.files ?? [])])
    input.click()
  }, [take])
  const onPaste = (event: ClipboardEvent) => {
    const { files } = event.clipboardData
    // Cells of a table bring a picture of themselves along: what has words is pasted as words.
    if (!files.length || event.clipboardData.getData('text')) return
    event.preventDefault()
    take([...files])
  }
  const carries = (event: DragEvent) => event.dataTransfer.types.includes('Files')
  const drop = {
    onDragEnter: (event: DragEvent) => {
      if (carries(event)) setOver(++depth.current > 0)
    },
    onDragOver: (event: DragEvent) => {
      if (carries(event)) event.preventDefault()
    },
    onDragLeave: (event: DragEvent) => {
      if (carries(event)) setOver(--depth.current > 0)
    },
    onDrop: (event: DragEvent) => {
      depth.current = 0
      setOver(false)
      if (!carries(event)) return
      event.preventDefault()
      take([...event.dataTransfer.files])
    },
  }
  return { choose, onPaste, drop, over }
}
