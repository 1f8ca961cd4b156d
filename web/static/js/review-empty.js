// The last acceptance can still be taken back when nothing else waits.
import { onKeys, press } from './keys.js';

onKeys({ z: press('#undo') });
