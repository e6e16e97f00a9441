/** Buttons: one primary per view, `plain` for the rest, `ghost` inside bars; links that look like buttons. */
import Link from 'next/link'
import type { ComponentProps, ReactNode } from 'react'
import { cn } from './cn'
import { Spinner } from './spinner'

type Look = {
  look?: 'primary' | 'plain' | 'ghost' | 'danger'
  size?: 'small' | 'medium' | 'large'
}

export type ButtonProps = ComponentProps<'button'> & Look & { busy?: boolean }

export function Button({
  look = 'plain',
  size,
  busy,
  className,
  children,
  disabled,
  type = 'button',
  ...rest
}: ButtonProps) {
  return (
    <button
      type={type}
      className={cn('btn', `btn-${look}`, className)}
      data-size={size}
      // A busy button keeps the focus, so it is only said to be disabled.
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      disabled={disabled}
      {...rest}
      onClick={busy ? (event) => event.preventDefault() : rest.onClick}
    >
      {busy ? <Spinner /> : null}
      {children}
    </button>
  )
}

export type IconButtonProps = Omit<ButtonProps, 'aria-label'> & {
  /** What the button does; also its tooltip. */
  label: string
  /** The command whose keys the tooltip shows (see `commands.ts`). */
  command?: string
  side?: 'top' | 'bottom' | 'left' | 'right'
}

export function IconButton({ label, command, side, look = 'ghost', children, ...rest }: IconButtonProps) {
  return (
    <Button
      look={look}
      aria-label={label}
      data-icon=""
      data-tip={label}
      data-tip-command={command}
      data-tip-side={side}
      {...rest}
    >
      {children}
    </Button>
  )
}

export function ButtonLink({
  look = 'plain',
  size,
  className,
  ...rest
}: ComponentProps<typeof Link> & Look & { children: ReactNode }) {
  return <Link className={cn('btn', `btn-${look}`, className)} data-size={size} {...rest} />
}
