// On every page of somebody who is signed in.
import { begin } from "./outbox.js";

begin();
