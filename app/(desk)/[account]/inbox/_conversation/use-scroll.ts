/** Where a transcript stands: at its end while it follows, and still when older messages come in above or new ones below. */
'use client'

import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react'
import type { DeskMessage } from '@/lib/features/conversations/transcript'

/** This near the end counts as the end, px. */
const near = 48
/** The first message that can be seen, and where. */
type Anchor = { node: Element; top: number } | null

const topIn = (box: Element, node: Element): number =>
  node.getBoundingClientRect().top - box.getBoundingClientRect().top

function anchorOf(box: Element): Anchor {
  for (const node of box.querySelectorAll('[data-message]')) {
    const top = topIn(box, node)
    if (top + node.clientHeight > 0) return { node, top }
  }
  return null
}

/** This near the top asks for older messages, px. */
const early = 400

export function useScroll(
  box: RefObject<HTMLElement | null>,
  { messages, own }: { messages: readonly DeskMessage[]; own: number },
  loadOlder: () => void,
) {
  const following = useRef(true)
  const before = useRef({ messages, own })
  const anchor = useRef<Anchor>(null)
  const [behind, setBehind] = useState(false)

  const toEnd = useCallback(() => {
    following.current = true
    setBehind(false)
    box.current?.scrollTo({ top: box.current.scrollHeight })
  }, [box])

  const onScroll = useCallback(() => {
    const element = box.current
    if (!element) return
    following.current = element.scrollHeight - element.scrollTop - element.clientHeight < near
    if (following.current) setBehind(false)
    anchor.current = anchorOf(element)
    if (element.scrollTop < early) loadOlder()
  }, [box, loadOlder])

  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    const was = before.current
    before.current = { messages, own }
    // What one has just sent is always shown.
    if (following.current || own > was.own) element.scrollTop = element.scrollHeight
    else if (messages !== was.messages) {
      const held = anchor.current
      // Whatever came in or grew above: what is being read stays where it is.
      if (held?.node.isConnected) element.scrollTop += topIn(element, held.node) - held.top
      if (was.messages.length && messages.at(-1)?.id !== was.messages.at(-1)?.id) setBehind(true)
    }
    anchor.current = anchorOf(element)
  })

  // The composer grows, a picture of the page changes its size: the end stays the end.
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    const observer = new ResizeObserver(() => {
      if (following.current) element.scrollTop = element.scrollHeight
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [box])
  return { onScroll, behind, toEnd }
}
