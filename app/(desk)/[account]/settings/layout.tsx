/** Settings: their sections at the side, or above on phones. */
import type { ReactNode } from 'react'
import { Words } from '@/app/_ui/words'
import { SettingsNav } from './_parts/settings-nav'

export default function SettingsLayout({ children }: { children: ReactNode }) {
  return (
    <div className="flex h-full min-h-0 flex-col md:flex-row">
      <Words names={['settings']}>
        <SettingsNav />
      </Words>
      <div className="min-h-0 min-w-0 flex-1 overflow-y-auto">{children}</div>
    </div>
  )
}
