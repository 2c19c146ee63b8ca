// The looks of login pages: styles of managed login with their images, CSS and logo of the classic pages, terms
// (docs/reference/oauth-and-federation.md 16, 17). The bytes of images are in a table of their own, as pages ask for them
// one by one.
import { type Step, stepsOf } from './steps.ts'

const { table, index } = stepsOf('0016')

export const branding: readonly Step[] = [
  table(
    'images',
    'image_id key_text not null, user_pool_id key_text not null, media_type text not null, content text not null, primary key (image_id, user_pool_id)',
  ),
  table(
    'ui_customizations',
    'user_pool_id key_text not null, client_id key_text not null, css text, served_css text not null, css_version text not null, image_id text, created_at bigint not null, updated_at bigint not null, primary key (user_pool_id, client_id)',
  ),
  table(
    'login_brandings',
    'client_id key_text not null, user_pool_id key_text not null, branding_id key_text not null, provided integer not null, settings text not null, assets text not null, created_at bigint not null, updated_at bigint not null, version bigint not null, primary key (client_id, user_pool_id)',
  ),
  index('login_brandings_by_pool', 'login_brandings (user_pool_id, branding_id)'),
  table(
    'terms',
    'client_id key_text not null, user_pool_id key_text not null, terms_name key_text not null, terms_id key_text not null, source text not null, enforcement text not null, links text not null, created_at bigint not null, updated_at bigint not null, version bigint not null, primary key (client_id, user_pool_id, terms_name)',
  ),
  index('terms_by_pool', 'terms (user_pool_id, terms_id)'),
]
