/** Models: what answers messages, what it learned from, and what to label next. */
import type { ReactNode } from 'react'
import { Words } from '@/app/_ui/words'

export default function ModelsLayout({ children }: { children: ReactNode }) {
  return (
    <Words names={['models', 'intents', 'why']}>
      <div className="h-full min-h-0 overflow-y-auto">{children}</div>
    </Words>
  )
}
