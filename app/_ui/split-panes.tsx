/** Panes side by side that remember their widths; below 768 px only the active one is there. */
'use client'

import { useTranslations } from 'next-intl'
import { Fragment, type KeyboardEvent, type PointerEvent, type ReactNode, useRef } from 'react'
import { cn } from './cn'
import { usePreferences } from './preferences'

export type Pane = {
  /** Unique over the app, since the width is remembered under it: `inbox-list`. */
  id: string
  /** Names the region and its handle for screen readers. */
  label: string
  /** Widths in px; a pane without them takes the room that is left (one of them must). */
  width?: { start: number; min: number; max: number }
  /** Leave the pane out on windows narrower than 1280 px. */
  wideOnly?: boolean
  content: ReactNode
  className?: string
}

export function SplitPanes({
  panes,
  active,
  className,
}: {
  panes: readonly Pane[]
  active: string
  className?: string
}) {
  const grower = panes.findIndex((pane) => !pane.width)
  return (
    <div className={cn('flex h-full min-h-0 w-full', className)}>
      {panes.map((pane, index) => (
        <Fragment key={pane.id}>
          {index > grower && pane.width ? <Handle pane={pane} before={false} /> : null}
          <PaneBox pane={pane} active={pane.id === active} />
          {index < grower && pane.width ? <Handle pane={pane} before /> : null}
        </Fragment>
      ))}
    </div>
  )
}

const clamp = (value: number, { min, max }: { min: number; max: number }) =>
  Math.round(Math.min(max, Math.max(min, value)))

function usePaneWidth({ id, width }: Pane): number {
  const saved = usePreferences().panes[id]
  return width ? clamp(saved ?? width.start, width) : 0
}

function PaneBox({ pane, active }: { pane: Pane; active: boolean }) {
  const width = usePaneWidth(pane)
  return (
    <section
      id={`pane-${pane.id}`}
      aria-label={pane.label}
      // Set by script rather than in the markup, so that a strict style policy has nothing to refuse.
      ref={(element) => element?.style.setProperty('--pane', `${width}px`)}
      className={cn(
        'min-h-0 min-w-0 max-md:w-full',
        pane.width ? 'md:w-(--pane) md:flex-none' : 'flex-1',
        !active && 'max-md:hidden',
        pane.wideOnly && 'md:max-xl:hidden',
        pane.className,
      )}
    >
      {pane.content}
    </section>
  )
}

/** Drag it, or focus it and use the arrow keys; a double click brings the first width back. */
function Handle({ pane, before }: { pane: Pane; before: boolean }) {
  const t = useTranslations('common')
  const { change } = usePreferences()
  const width = usePaneWidth(pane)
  const drag = useRef<{ x: number; width: number } | null>(null)
  const limits = pane.width ?? { start: 0, min: 0, max: 0 }
  const direction = before ? 1 : -1
  const box = () => document.getElementById(`pane-${pane.id}`)
  const keep = (next: number) => change({ panes: { [pane.id]: clamp(next, limits) } })

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId)
    event.currentTarget.dataset.dragging = ''
    drag.current = { x: event.clientX, width }
  }
  const onPointerMove = (event: PointerEvent) => {
    if (!drag.current) return
    // Only the style moves while dragging; React hears of it once, at the end.
    box()?.style.setProperty(
      '--pane',
      `${clamp(drag.current.width + (event.clientX - drag.current.x) * direction, limits)}px`,
    )
  }
  const onPointerUp = (event: PointerEvent<HTMLDivElement>) => {
    delete event.currentTarget.dataset.dragging
    if (drag.current) keep(drag.current.width + (event.clientX - drag.current.x) * direction)
    drag.current = null
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.shiftKey ? 64 : 16
    const moves: Record<string, number> = {
      ArrowRight: step * direction,
      ArrowLeft: -step * direction,
      Home: -9_999,
      End: 9_999,
    }
    const move = moves[event.key]
    if (move === undefined) return
    event.preventDefault()
    keep(width + move)
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: an `hr` cannot be dragged
    <div
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={t('resize', { name: pane.label })}
      aria-controls={`pane-${pane.id}`}
      aria-valuenow={width}
      aria-valuemin={limits.min}
      aria-valuemax={limits.max}
      className={cn('split-handle flex-none max-md:hidden', pane.wideOnly && 'md:max-xl:hidden')}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onDoubleClick={() => keep(limits.start)}
      onKeyDown={onKeyDown}
    />
  )
}
