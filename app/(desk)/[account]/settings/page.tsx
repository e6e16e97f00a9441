/** Settings begin with the chat on the website. */
import { redirect } from 'next/navigation'

export default async function SettingsPage({ params }: { params: Promise<{ account: string }> }) {
  redirect(`/${(await params).account}/settings/inbox`)
}
