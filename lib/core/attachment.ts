/** What a file beside a message is: the kinds that are taken, how large and how many, and what readers are told of one. */

/** Kind → content type we send it with. The kind is read from the bytes, never believed. */
export const contentTypes = {
  png: 'image/png',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  pdf: 'application/pdf',
  text: 'text/plain',
} as const
export type FileKind = keyof typeof contentTypes

/** Bytes of one file; files of one message. */
export const largestFile = 10 * 1024 * 1024
export const mostFiles = 5

export interface AttachedFile {
  id: string
  name: string
  /** Content type. */
  type: string
  size: number
  /** Pixels; of images only. */
  width?: number
  height?: number
}
