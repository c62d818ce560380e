import { Lost } from '../../core/losses.ts'

/** What a request loses on its way to a chat backend. */
export class ChatLost extends Lost<'request', 'openai-chat'> {}
