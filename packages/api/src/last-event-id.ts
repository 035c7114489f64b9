import { z } from "zod";

/** Of any form: one that isn't ours is one that isn't held. */
export const lastEventIdSchema = z.string().optional();
