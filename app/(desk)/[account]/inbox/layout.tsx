/** The inbox keeps its three panes while one conversation after another is opened. */
import type { ReactNode } from 'react'
import { Words } from '@/app/_ui/words'
import { InboxShell } from './inbox-shell'

export default function InboxLayout({ children }: { children: ReactNode }) {
  return (
    <Words names={['inbox', 'intents', 'routing', 'why']}>
      <InboxShell />
      {children}
    </Words>
  )
}
