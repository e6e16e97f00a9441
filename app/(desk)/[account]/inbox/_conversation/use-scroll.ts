/** Where a transcript stands: at its end while it follows, and still when older messages come in above or new ones below. */
'use client'

import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react'

/** This near the end counts as the end, px. */
const near = 48
/** This near the top asks for older messages, px. */
const early = 400

export function useScroll(
  box: RefObject<HTMLElement | null>,
  edges: { first: string | undefined; last: string | undefined; own: number },
  loadOlder: () => void,
) {
  const following = useRef(true)
  const before = useRef({ first: edges.first, last: edges.last, own: edges.own, height: 0, top: 0 })
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
    before.current.top = element.scrollTop
    if (element.scrollTop < early) loadOlder()
  }, [box, loadOlder])

  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    const was = before.current
    const prepended = was.first !== undefined && edges.first !== was.first && edges.last === was.last
    // What one has just sent is always shown.
    if (following.current || edges.own > was.own) element.scrollTop = element.scrollHeight
    else if (prepended) element.scrollTop = was.top + (element.scrollHeight - was.height)
    else if (was.last !== undefined && edges.last !== was.last) setBehind(true)
    before.current = { ...edges, height: element.scrollHeight, top: element.scrollTop }
  })

  // The composer grows, a picture of the page changes its size: the end stays the end.
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    const observer = new ResizeObserver(() => {
      if (following.current) element.scrollTop = element.scrollHeight
      before.current.height = element.scrollHeight
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [box])
  return { onScroll, behind, toEnd }
}
