/** What the visitor API sends and what waits to be sent. */

export interface Attachment {
  id: string
  name: string
  /** Content type. */
  type: string
  /** Bytes. */
  size: number
  /** Pixels; of pictures only. */
  width?: number
  height?: number
}

export interface Message {
  id: string
  /** Grows over the visitor's whole thread; there may be holes (notes that are not for the visitor). */
  sequence: number
  from: 'visitor' | 'agent'
  authorName?: string
  text: string
  createdAt: string
  clientId?: string
  attachments?: Attachment[]
}

/** A message the server does not have yet. */
export interface Waiting {
  clientId: string
  from: 'visitor'
  text: string
  /** Stored already; absent in what an older frame left unsent. */
  attachments?: Attachment[]
  /** When it was written, in milliseconds. */
  createdAt: number
  state: 'sending' | 'failed'
  /** Refused for good: it is not tried again by itself. */
  final?: boolean
}

export interface Inbox {
  name: string
  accent?: string
  /** The text colour that reads on it. */
  ink?: string
  online?: boolean
  /** Words of the business in the visitor's language, in place of ours. */
  greeting?: string
  away?: string
  placeholder?: string
  /** Own words for it; empty: it is not said. */
  disclosure?: string
}

export interface Identity {
  userId?: string
  name?: string
  email?: string
  signature?: string
}
