/** The page around the frame: what it told us, and how to tell it something. */
import { type FrameState, isNote, type PageState } from '../shared/note'

/** Whoever embeds us says who they are; the frame-ancestors policy has already decided that they may. */
const origin = location.hash.slice(1)

export let page = {} as PageState

export const tell = (state: Omit<FrameState, 'lingxi'>) => parent.postMessage({ lingxi: 1, ...state }, origin)

/** Runs `told` whenever the page says something, with what it said before. */
export function followPage(told: (before: PageState) => void) {
  // The code on the page may come later than we do: call until it answers.
  const call = () => tell({ ready: true })
  const calling = setInterval(call, 16)
  call()
  addEventListener('message', (event) => {
    if (!isNote(event, parent, origin)) return
    clearInterval(calling)
    const before = page
    page = event.data
    told(before)
  })
}
