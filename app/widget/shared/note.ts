/** What the page and the frame tell each other: each sends its state in one shape, which the other checks. */

/** From the page. */
export interface PageState {
  lingxi: 1
  open: boolean
  /** Move the focus into the composer when it opens. */
  focus: boolean
  /** '' follows the system. */
  theme: string
  /** Address of the page, without query and fragment. */
  page: string
  /** Who the visitor is, as given to identify(), as JSON; null after they signed out; undefined when nobody said. */
  who?: string | undefined
  /** The chat was opened in this tab before: connect without waiting to be opened. */
  seen: boolean
  /** What the page keeps for a frame that may not store anything itself. */
  box?: string | undefined
}

/** From the frame: only what changed. */
export interface FrameState {
  lingxi: 1
  /** Just loaded: knows nothing of the page yet. */
  ready?: boolean
  close?: boolean
  unread?: number
  accent?: string
  box?: string
  /** What the page said of the visitor was refused. */
  error?: boolean
}

/** True for a note of ours from the window and origin we expect; everything else on this busy channel is not for us. */
export function isNote(
  event: Pick<MessageEvent, 'data' | 'origin' | 'source'>,
  source: unknown,
  origin: string,
): boolean {
  return event.source === source && event.origin === origin && event.data?.lingxi === 1
}
