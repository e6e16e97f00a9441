/** Signing in through next-auth. */
import { authenticate } from '@/lib/border/auth'
import { services } from '@/lib/start'

type Context = { params: Promise<{ nextauth: string[] }> }

const answer = (request: Request, context: Context): Promise<Response> => authenticate(services(), request, context)

export { answer as GET, answer as POST }
