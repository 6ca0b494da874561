/** What a client did wrong, or what is not possible now; becomes the response. */
export class HttpError extends Error {
  readonly status: number;
  readonly code: string;
  /** Field of the request body → what is wrong with it. */
  readonly fields: Readonly<Record<string, string>> | undefined;

  constructor(status: number, code: string, message: string, fields?: Readonly<Record<string, string>>) {
    super(message);
    this.status = status;
    this.code = code;
    this.fields = fields;
  }
}

export const notFound = (what: string): HttpError => new HttpError(404, 'not_found', `${what} does not exist`);

export const conflict = (code: string, message: string): HttpError => new HttpError(409, code, message);
