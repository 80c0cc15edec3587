/** The client of OpenAI's protocol, loaded with the first message that a model is asked about. */
export { APIError, OpenAI } from 'openai';
