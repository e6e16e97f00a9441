/** A message's words as text, never as markup; web addresses become links that tell the other side nothing. */
import { linkify } from '../_data/links'

export function MessageText({ text }: { text: string }) {
  return linkify(text).map((part) =>
    part.href ? (
      <a
        key={part.at}
        href={part.href}
        target="_blank"
        rel="noopener noreferrer nofollow ugc"
        className="break-all text-accent-ink underline underline-offset-2"
      >
        {part.text}
      </a>
    ) : (
      part.text
    ),
  )
}
