/** What a page shows when its own code failed: words, and a way on. */
'use client'

import { ErrorState } from './_ui/states'

export default function PageError({ error, reset }: { error: Error; reset: () => void }) {
  return (
    <main className="grid min-h-dvh place-items-center">
      <ErrorState heading="h1" error={error} retry={reset} />
    </main>
  )
}
