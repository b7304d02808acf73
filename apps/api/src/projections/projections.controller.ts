import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { IsString } from 'class-validator';
import { VerbatimError } from '#platform';
import { Projector } from '#projector';
import { AllowOperator, IfGiven } from '../http/index.js';

export class RebuildBody {
  /** Left out: all. */
  @IfGiven()
  @IsString()
  projection?: string;
}

export interface ProjectionView {
  readonly name: string;
  readonly version: number;
  readonly build: number;
  readonly state: string;
  /** Why it stopped; null unless it did. */
  readonly reason: string | null;
  /** Positions of the log still to project. */
  readonly behind: number;
  readonly quarantinedStreams: number;
}

type Status = Awaited<ReturnType<Projector['status']>>['projections'][number];

/** The read models, for whoever runs the server; without an operator token they are not there. */
@Controller('api/projections')
@AllowOperator()
export class ProjectionsController {
  constructor(private readonly projector: Projector) {}

  @Get()
  async list(): Promise<{ projections: readonly ProjectionView[] }> {
    return { projections: (await this.projector.status()).projections.map(viewOf) };
  }

  /** Answers the builds under way; the lists they will replace are read meanwhile. */
  @Post('rebuild')
  @HttpCode(202)
  async rebuild(@Body() { projection }: RebuildBody): Promise<{ projections: readonly ProjectionView[] }> {
    const { names } = this.projector;
    if (projection !== undefined && !names.includes(projection))
      throw new VerbatimError('invalid_parameter', `projection must be one of ${names.join(', ')}.`, {
        param: 'projection',
        details: { allowed: names },
      });
    const building = await this.projector.rebuild(projection === undefined ? names : [projection]);
    return { projections: building.map(viewOf) };
  }
}

const viewOf = ({ name, version, build, state, reason, behind, quarantined }: Status): ProjectionView => ({
  name,
  version,
  build,
  state,
  reason,
  behind: Number(behind),
  quarantinedStreams: quarantined.length,
});
