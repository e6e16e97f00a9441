/** The mark: one continuous line that rounds a small speech bubble and runs out to a point, like a horn. */
import type { SVGProps } from 'react'

export function Mark({ title, ...rest }: SVGProps<SVGSVGElement> & { title?: string }) {
  return (
    <svg viewBox="0 0 24 24" width="24" height="24" fill="none" role={title ? 'img' : undefined} aria-hidden={title ? undefined : true} {...rest}>
      {title ? <title>{title}</title> : null}
      <path
        d="M8.6 18.9 5 21v-4.2A7.6 7.6 0 1 1 16.2 6.6M21.4 2.8C20.9 10.4 16.6 15.9 9.4 14"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  )
}
