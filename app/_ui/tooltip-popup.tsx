/** The tooltip itself: waits, places itself, hides; loaded by `tooltip.tsx` on the first approach to anything that has one. */
'use client'

import { useLocale } from 'next-intl'
import { useEffect, useRef, useState } from 'react'
import { type CommandId, commandOf, commands } from './commands'
import { KeyHint } from './kbd'
import { formatLong } from './time'

type Tip = { target: HTMLElement; text: string; keys?: string }
const delay = 350
const gap = 6

function tipOf(node: EventTarget | null, locale: string): Tip | null {
  const target = node instanceof Element ? node.closest<HTMLElement>('[data-tip]') : null
  const text = target instanceof HTMLTimeElement ? formatLong(Date.parse(target.dateTime), locale) : target?.dataset.tip
  if (!target || !text || target.getAttribute('aria-expanded') === 'true') return null
  const command = target.dataset.tipCommand
  return { target, text, keys: command && command in commands ? commandOf(command as CommandId).keys[0] : undefined }
}

/** Beside the target on the wished side, or the other one when there is no room; never outside the window. */
function place(element: HTMLElement, target: HTMLElement) {
  const at = target.getBoundingClientRect()
  const { offsetWidth: width, offsetHeight: height } = element
  const side = target.dataset.tipSide ?? 'bottom'
  let x = at.left + (at.width - width) / 2
  let y = at.bottom + gap
  if (side === 'right' || side === 'left') {
    x = side === 'right' ? at.right + gap : at.left - width - gap
    y = at.top + (at.height - height) / 2
  } else if (side === 'top' || y + height > innerHeight - 4) {
    y = at.top - height - gap < 4 ? at.bottom + gap : at.top - height - gap
  }
  element.style.left = `${Math.max(4, Math.min(x, innerWidth - width - 4))}px`
  element.style.top = `${Math.max(4, y)}px`
}

export default function TooltipPopup({ first }: { first: EventTarget }) {
  const [tip, setTip] = useState<Tip | null>(null)
  const box = useRef<HTMLDivElement>(null)
  const locale = useLocale()
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const hide = () => {
      clearTimeout(timer)
      setTip(null)
    }
    const show = (node: EventTarget | null, wait: number) => {
      clearTimeout(timer)
      const next = tipOf(node, locale)
      if (!next) return setTip(null)
      timer = setTimeout(() => setTip(next), wait)
    }
    // A pointer resting on the tooltip itself keeps it open (WCAG 1.4.13).
    const over = (event: PointerEvent) => {
      if (event.pointerType !== 'touch' && !box.current?.contains(event.target as Node)) show(event.target, delay)
    }
    const focus = (event: FocusEvent) => {
      if (event.target instanceof Element && event.target.matches(':focus-visible')) show(event.target, delay)
    }
    show(first, delay)
    const key = (event: KeyboardEvent) => event.key === 'Escape' && hide()
    document.addEventListener('pointerover', over)
    document.addEventListener('focusin', focus)
    document.addEventListener('focusout', hide)
    document.addEventListener('pointerdown', hide)
    document.addEventListener('keydown', key)
    document.addEventListener('scroll', hide, { capture: true, passive: true })
    return () => {
      clearTimeout(timer)
      document.removeEventListener('pointerover', over)
      document.removeEventListener('focusin', focus)
      document.removeEventListener('focusout', hide)
      document.removeEventListener('pointerdown', hide)
      document.removeEventListener('keydown', key)
      document.removeEventListener('scroll', hide, { capture: true })
    }
  }, [first, locale])
  useEffect(() => {
    if (tip && box.current) place(box.current, tip.target)
  }, [tip])
  if (!tip) return null
  // Its words are already the target's accessible name, or are said elsewhere.
  return (
    <div ref={box} aria-hidden className="tip">
      <span className="min-w-0">{tip.text}</span>
      {tip.keys ? <KeyHint keys={tip.keys} /> : null}
    </div>
  )
}
