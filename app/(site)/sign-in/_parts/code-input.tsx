/** Where a code is typed or pasted, with or without spaces. */
'use client'

import type { ComponentProps } from 'react'
import { cn } from '@/app/_ui/cn'
import { Input } from '@/app/_ui/input'

/** `any`: of the app or a recovery code, so that letters can be typed on a phone. */
export function CodeInput({
  kind = 'app',
  className,
  ...props
}: ComponentProps<'input'> & { kind?: 'app' | 'recovery' | 'any' }) {
  return (
    <Input
      name="code"
      inputMode={kind === 'app' ? 'numeric' : 'text'}
      autoComplete={kind === 'recovery' ? 'off' : 'one-time-code'}
      autoCapitalize={kind === 'app' ? 'none' : 'characters'}
      spellCheck={false}
      maxLength={60}
      required
      {...props}
      className={cn('numbers tracking-widest', className)}
    />
  )
}
