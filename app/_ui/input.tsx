/** Native controls in our clothes: they cost no script and every browser, phone and screen reader knows them. */
import ChevronDown from 'lucide-react/icons/chevron-down'
import type { ComponentProps, ReactNode } from 'react'
import { cn } from './cn'

export function Input({ className, icon, ...rest }: ComponentProps<'input'> & { icon?: ReactNode }) {
  const input = <input className={cn('input', className)} {...rest} />
  return icon ? (
    <span className="input-icon block">
      {icon}
      {input}
    </span>
  ) : (
    input
  )
}

export function Textarea({ className, ...rest }: ComponentProps<'textarea'>) {
  return <textarea className={cn('input', className)} {...rest} />
}

export function Select({ className, children, ...rest }: ComponentProps<'select'>) {
  return (
    <span className={cn('select-box', className)}>
      <select className="input select" {...rest}>
        {children}
      </select>
      <ChevronDown aria-hidden />
    </span>
  )
}

/** `indeterminate` is a state only script can set. */
export function Checkbox({
  className,
  indeterminate = false,
  ...rest
}: ComponentProps<'input'> & { indeterminate?: boolean }) {
  return (
    <input
      type="checkbox"
      className={cn('check', className)}
      ref={(element) => {
        if (element) element.indeterminate = indeterminate
      }}
      {...rest}
    />
  )
}

export function Radio({ className, ...rest }: ComponentProps<'input'>) {
  return <input type="radio" className={cn('radio', className)} {...rest} />
}

export function Switch({ className, ...rest }: ComponentProps<'input'>) {
  // biome-ignore lint/a11y/useAriaPropsForRole: a native checkbox says its own state
  return <input type="checkbox" role="switch" className={cn('switch', className)} {...rest} />
}
