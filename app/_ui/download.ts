/** Fetches a file and hands it to the browser: unlike a link, a refusal stays on the page and can be told. */
import { ApiError, failureOf } from './api'

/** @throws ApiError */
export async function download(url: string): Promise<void> {
  const response = await fetch(url, { credentials: 'same-origin' }).catch(() => {
    throw new ApiError('offline', 0)
  })
  if (!response.ok) throw await failureOf(response)
  const name = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'download'
  saveAs(name, await response.blob())
}

/** Hands a file that is here already to the browser. */
export function saveAs(name: string, content: Blob): void {
  const address = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
