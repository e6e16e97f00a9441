/** A failure that belongs to no single field, above the form. */
'use client'

import TriangleAlert from 'lucide-react/icons/triangle-alert'

export function Failure({ failure }: { failure: { title: string; detail: string } | null }) {
  // The region is always there, so that screen readers notice what comes into it.
  return (
    <div role="alert" className="empty:-mb-4">
      {failure ? (
        <div className="flex animate-appear gap-2.5 rounded-md bg-bad-soft px-3 py-2.5 text-bad-ink">
          <TriangleAlert aria-hidden className="mt-0.5 size-4 flex-none" />
          <p>
            <b className="font-semibold">{failure.title}.</b> {failure.detail}
          </p>
        </div>
      ) : null}
    </div>
  )
}
