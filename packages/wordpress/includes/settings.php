<?php

/**
 * What the site's owner has said, in one option.
 */

namespace Sondeo;

if (! defined('ABSPATH')) {
    exit;
}

const OPTION = 'sondeo_settings';

/** The ready surveys. */
const TEMPLATES = [
    'first-visit', 'signup', 'welcome', 'faq', 'post-purchase', 'follow-up', 'cancellation',
    'cart-abandonment', 'trial-end', 'support', 'csat', 'ces', 'nps', 'ttr',
];

/** Where the survey of the whole site may be asked. */
const PLACES = ['everywhere', 'front', 'posts', 'pages', 'nowhere'];

/**
 * Empty at first: nothing is sent anywhere before somebody says where.
 */
function defaults(): array
{
    return [
        'endpoint' => '',
        'site' => '',
        'survey' => '',
        'where' => 'everywhere',
        'lang' => '',
        'consent' => 'required',
        'purchase' => false,
    ];
}

function settings(): array
{
    $stored = get_option(OPTION, []);
    return array_merge(defaults(), is_array($stored) ? $stored : []);
}

/** Whether there is anywhere to send answers to. */
function is_set_up(): bool
{
    $settings = settings();
    return $settings['endpoint'] !== '' || $settings['site'] !== '';
}

/**
 * Only what can be used is stored.
 *
 * @param mixed $given What the form has sent.
 */
function sanitize_settings($given): array
{
    $given = is_array($given) ? $given : [];
    $text = function (string $name) use ($given): string {
        return isset($given[$name]) && is_string($given[$name]) ? trim(wp_unslash($given[$name])) : '';
    };
    $clean = defaults();
    foreach (['endpoint', 'site'] as $name) {
        $clean[$name] = esc_url_raw($text($name), ['http', 'https']);
        if ($text($name) !== '' && $clean[$name] === '') {
            refuse($name, __('This is no address that begins with https://.', 'sondeo'));
        }
    }
    $names = preg_split('/\s+/', $text('survey'), -1, PREG_SPLIT_NO_EMPTY);
    $usable = array_filter($names, __NAMESPACE__ . '\is_name');
    if (count($usable) < count($names)) {
        refuse('survey', __('A survey has a name of lower case letters, digits and hyphens.', 'sondeo'));
    }
    $clean['survey'] = implode(' ', $usable);
    if (in_array($text('where'), PLACES, true)) {
        $clean['where'] = $text('where');
    }
    if (preg_match('/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/', $text('lang'))) {
        $clean['lang'] = $text('lang');
    } elseif ($text('lang') !== '') {
        refuse('lang', __('This is no language, such as es or pt-BR.', 'sondeo'));
    }
    $clean['consent'] = $text('consent') === 'granted' ? 'granted' : 'required';
    $clean['purchase'] = ! empty($given['purchase']);
    return $clean;
}

function is_name(string $word): bool
{
    return preg_match('/^[a-z0-9-]{1,64}$/', $word) === 1;
}

function refuse(string $name, string $why): void
{
    // The option is also cleaned where there is no screen to say anything on.
    if (function_exists('add_settings_error')) {
        add_settings_error(OPTION, $name, $why);
    }
}
