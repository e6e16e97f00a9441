/** Without a connection the browser would put its own page in the place of this one, which still shows what there is. */
'use client'

import { ApiError } from '@/app/_ui/api'
import { useLiveState } from '@/app/_ui/live'
import { toastError } from '@/app/_ui/toast'

/** Asked at a press that leads elsewhere: true when this page had better stay, which is then said. */
export function useStaysOffline(): () => boolean {
  const lost = useLiveState() === 'lost'
  return () => {
    // A browser that knows no network but its own machine calls itself offline, though the server there is heard.
    if (navigator.onLine || !lost) return false
    toastError(new ApiError('offline', 0))
    return true
  }
}
