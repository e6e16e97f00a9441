/** The mark: one line that rounds a small speech bubble and rises, thinning, to a point like a horn. */
import type { SVGProps } from 'react'

export function Mark({ title, ...rest }: SVGProps<SVGSVGElement> & { title?: string }) {
  return (
    <svg
      viewBox="0 0 24 24"
      width="24"
      height="24"
      fill="none"
      role={title ? 'img' : undefined}
      aria-hidden={title ? undefined : true}
      {...rest}
    >
      {title ? <title>{title}</title> : null}
      <path
        d="M12.7 6.9A6.8 6.8 0 0 0 3 13.2V20h6.8a6.8 6.8 0 0 0 6.8-6.8"
        stroke="currentColor"
        strokeWidth="2.4"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <path d="M15.4 13.3C15.4 8.3 17.5 4.2 22.4 1.5 19.6 5.3 17.8 9 17.8 13.3Z" fill="currentColor" />
    </svg>
  )
}
