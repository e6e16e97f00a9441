/** Who looks at a public page, for pages that differ by it. */
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { type Who, whoIs } from '@/lib/border/who'
import { services } from '@/lib/start'

/** The signed-in person; null for nobody, and while the database cannot be asked. */
export async function visitor(): Promise<Who | null> {
  return whoIs(services(), { headers: await headers() }).catch(() => null)
}

/** Someone who is signed in has no business on a sign-in page. */
export async function leaveWhenSignedIn(next: string | null): Promise<void> {
  if (await visitor()) redirect(next ?? '/accounts?home')
}
