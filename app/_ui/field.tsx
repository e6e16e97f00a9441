/** A labelled place to fill in: label, hint and error are wired to the control for screen readers. */
'use client'

import { useTranslations } from 'next-intl'
import { cloneElement, type ReactElement, type ReactNode, useId } from 'react'
import { cn } from './cn'

type Control = ReactElement<{ id?: string; 'aria-describedby'?: string; 'aria-invalid'?: boolean; required?: boolean }>

export function Field({
  label,
  hint,
  error,
  optional,
  inline,
  className,
  children,
}: {
  label: ReactNode
  hint?: ReactNode
  error?: ReactNode
  /** Marks what may stay empty; everything else is needed. */
  optional?: boolean
  /** Control first, label beside it: for checkboxes and switches. */
  inline?: boolean
  className?: string
  children: Control
}) {
  const t = useTranslations('common')
  const made = useId()
  const id = children.props.id ?? made
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ') || undefined
  const control = cloneElement(children, {
    id,
    'aria-describedby': described,
    'aria-invalid': error ? true : undefined,
  })
  const text = (
    <>
      {hint ? (
        <p id={`${id}-hint`} className="text-xs text-ink-3">
          {hint}
        </p>
      ) : null}
      {error ? (
        <p id={`${id}-error`} role="alert" className="text-xs text-bad-ink">
          {error}
        </p>
      ) : null}
    </>
  )
  if (inline) {
    return (
      <div className={cn('flex items-start gap-2', className)}>
        {control}
        <div className="min-w-0">
          <label htmlFor={id}>{label}</label>
          {text}
        </div>
      </div>
    )
  }
  return (
    <div className={cn('flex flex-col gap-1', className)}>
      <label htmlFor={id} className="font-medium">
        {label}
        {optional ? <span className="ms-1.5 font-normal text-ink-3">{t('optional')}</span> : null}
      </label>
      {control}
      {text}
    </div>
  )
}
