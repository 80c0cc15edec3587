/** What draws badges; in the deployment a file of its own beside the bundle. */
export { makeBadge } from 'badge-maker';
