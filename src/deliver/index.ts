export { publishFolder } from './folder.ts';
