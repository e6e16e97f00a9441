/** The tab's title: how many conversations of the list are unread, and who is being talked to. */
'use client'

import { useEffect } from 'react'

const parts = { unread: '', name: '' }
/** The page's own title, and what is shown in its place. */
let own = ''
let shown = ''

function show() {
  // Another title than ours is the page's own: the first one, or one in another language.
  if (document.title !== shown) own = document.title
  shown = `${parts.unread}${parts.name ? `${parts.name} · ${own.split(' · ').at(-1)}` : own}`
  document.title = shown
}

export function useTitle(part: keyof typeof parts, words: string): void {
  useEffect(() => {
    parts[part] = words
    show()
    return () => {
      parts[part] = ''
      // The page that comes next may have said its own already.
      if (document.title === shown) show()
    }
  }, [part, words])
}

/** `(3) `, `(40+) ` while more may lie beyond what is loaded; nothing when all is read. */
export const unreadWords = (rows: readonly { unread: boolean }[], more: boolean): string => {
  const count = rows.filter((row) => row.unread).length
  return count ? `(${count}${more ? '+' : ''}) ` : ''
}
