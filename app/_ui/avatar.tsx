/** A person or an account as one or two letters on a colour that stays theirs. */
import { cn } from './cn'

/** Chinese names show their last one or two characters, others their initials. */
function letters(name: string): string {
  const clean = name.trim()
  const han = clean.match(/\p{Script=Han}/gu)
  if (han) return han.slice(-2).join('')
  const parts = clean.split(/[\s._@-]+/).filter(Boolean)
  const first = [...(parts[0] ?? '?')][0] ?? '?'
  const last = parts.length > 1 ? ([...(parts.at(-1) ?? '')][0] ?? '') : ''
  return (first + last).toUpperCase()
}

/** Eight hues, chosen by the name's characters, set as classes because a style attribute would need a looser policy. */
const hues = [
  '[--hue:20]',
  '[--hue:60]',
  '[--hue:110]',
  '[--hue:160]',
  '[--hue:210]',
  '[--hue:250]',
  '[--hue:290]',
  '[--hue:340]',
]

export function Avatar({
  name,
  size,
  shape,
  className,
}: {
  name: string
  size?: 'large'
  shape?: 'square'
  className?: string
}) {
  let sum = 0
  for (const character of name) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) >>> 0
  const text = letters(name)
  return (
    <span aria-hidden data-size={size} data-shape={shape} className={cn('avatar', hues[sum % hues.length], className)}>
      {text.length > 1 && /\p{Script=Han}/u.test(text) && !size ? [...text].at(-1) : text}
    </span>
  )
}
