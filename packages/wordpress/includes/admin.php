<?php

/**
 * The page of settings.
 */

namespace Sondeo;

if (! defined('ABSPATH')) {
    exit;
}

const PAGE = 'sondeo';
const TEST = 'sondeo_test';

add_action('admin_menu', function () {
    $title = __('Sondeo surveys', 'sondeo');
    add_options_page($title, __('Surveys', 'sondeo'), 'manage_options', PAGE, __NAMESPACE__ . '\show_page');
});

add_filter('plugin_action_links_' . plugin_basename(PLUGIN), function ($links) {
    $url = admin_url('options-general.php?page=' . PAGE);
    array_unshift($links, '<a href="' . esc_url($url) . '">' . esc_html__('Settings', 'sondeo') . '</a>');
    return $links;
});

add_action('admin_init', function () {
    register_setting(PAGE, OPTION, [
        'type' => 'array',
        'sanitize_callback' => __NAMESPACE__ . '\sanitize_settings',
        'default' => defaults(),
    ]);
    add_settings_section('answers', __('Where the answers go', 'sondeo'), function () {
        echo '<p>' . esc_html__('Nothing is sent before one of these addresses is set.', 'sondeo') . '</p>';
    }, PAGE);
    field('answers', 'endpoint', __('Endpoint', 'sondeo'), __NAMESPACE__ . '\text_field', [
        'type' => 'url',
        'example' => 'https://surveys.example/v1/responses',
        'help' => __('The address that takes the answers. It has to allow this site to post to it.', 'sondeo'),
    ]);
    field('answers', 'site', __('Site of a collector', 'sondeo'), __NAMESPACE__ . '\text_field', [
        'type' => 'url',
        'example' => 'https://surveys.example/sites/shop',
        'help' => __('In place of an endpoint: the collector then says what is asked, and when.', 'sondeo'),
    ]);
    add_settings_section('survey', __('What is asked', 'sondeo'), '__return_false', PAGE);
    field('survey', 'survey', __('Survey', 'sondeo'), __NAMESPACE__ . '\text_field', [
        'type' => 'text',
        'words' => TEMPLATES,
        'example' => 'post-purchase',
        'help' => __('Names of ready surveys, separated by spaces. Empty: only blocks and shortcodes ask.', 'sondeo'),
    ]);
    field('survey', 'where', __('Where', 'sondeo'), __NAMESPACE__ . '\choice_field', [
        'choices' => [
            'everywhere' => __('On every page', 'sondeo'),
            'front' => __('On the front page', 'sondeo'),
            'posts' => __('On posts', 'sondeo'),
            'pages' => __('On pages', 'sondeo'),
            'nowhere' => __('Only where a block or a shortcode stands', 'sondeo'),
        ],
    ]);
    field('survey', 'lang', __('Language', 'sondeo'), __NAMESPACE__ . '\text_field', [
        'type' => 'text',
        'example' => 'es',
        'help' => __('Leave it empty to ask in the language of each page.', 'sondeo'),
    ]);
    field('survey', 'consent', __('Consent', 'sondeo'), __NAMESPACE__ . '\choice_field', [
        'choices' => [
            'required' => __('Wait until the consent banner calls sondeo.consent(true)', 'sondeo'),
            'granted' => __('Ask at once', 'sondeo'),
        ],
    ]);
    field('survey', 'purchase', __('WooCommerce', 'sondeo'), __NAMESPACE__ . '\check_field', [
        'text' => __('Ask on the page after a purchase', 'sondeo'),
    ]);
});

function field(string $section, string $name, string $title, string $show, array $more): void
{
    $more += ['name' => $name, 'label_for' => 'sondeo-' . $name];
    add_settings_field($name, $title, $show, PAGE, $section, $more);
}

function text_field(array $field): void
{
    $list = isset($field['words']) ? 'sondeo-words' : '';
    printf(
        '<input type="%s" class="regular-text" id="%s" name="%s" value="%s" placeholder="%s" list="%s">',
        esc_attr($field['type']),
        esc_attr($field['label_for']),
        esc_attr(OPTION . '[' . $field['name'] . ']'),
        esc_attr(settings()[$field['name']]),
        esc_attr($field['example']),
        esc_attr($list)
    );
    if ($list !== '') {
        echo '<datalist id="' . esc_attr($list) . '">';
        foreach ($field['words'] as $word) {
            echo '<option value="' . esc_attr($word) . '">';
        }
        echo '</datalist>';
    }
    if (isset($field['help'])) {
        echo '<p class="description">' . esc_html($field['help']) . '</p>';
    }
}

function choice_field(array $field): void
{
    echo '<select id="' . esc_attr($field['label_for']) . '" name="' . esc_attr(OPTION . '[' . $field['name'] . ']') . '">';
    foreach ($field['choices'] as $value => $text) {
        echo '<option value="' . esc_attr($value) . '"' . selected(settings()[$field['name']], $value, false) . '>';
        echo esc_html($text) . '</option>';
    }
    echo '</select>';
}

function check_field(array $field): void
{
    echo '<label><input type="checkbox" id="' . esc_attr($field['label_for']) . '" value="1" name="'
        . esc_attr(OPTION . '[' . $field['name'] . ']') . '"' . checked(settings()[$field['name']], true, false) . '> '
        . esc_html($field['text']) . '</label>';
}

function show_page(): void
{
    if (! current_user_can('manage_options')) {
        return;
    }
    echo '<div class="wrap"><h1>' . esc_html(get_admin_page_title()) . '</h1>';
    $result = get_transient(TEST . get_current_user_id());
    if (is_array($result)) {
        delete_transient(TEST . get_current_user_id());
        $kind = $result['ok'] ? 'notice-success' : 'notice-error';
        echo '<div class="notice ' . esc_attr($kind) . '" id="sondeo-result"><p>' . esc_html($result['text']) . '</p></div>';
    }
    echo '<form action="options.php" method="post">';
    settings_fields(PAGE);
    do_settings_sections(PAGE);
    submit_button();
    echo '</form><h2>' . esc_html__('Test', 'sondeo') . '</h2><p>';
    esc_html_e('Posts one entry of a survey wordpress-test from this server to the endpoint, or reads the plan of the site.', 'sondeo');
    echo '</p><form action="' . esc_url(admin_url('admin-post.php')) . '" method="post">';
    echo '<input type="hidden" name="action" value="' . esc_attr(TEST) . '">';
    wp_nonce_field(TEST);
    submit_button(__('Test the address', 'sondeo'), 'secondary', 'submit', false, is_set_up() ? [] : ['disabled' => true]);
    echo '</form></div>';
}

add_action('admin_post_' . TEST, function () {
    check_admin_referer(TEST);
    if (! current_user_can('manage_options')) {
        wp_die(esc_html__('You may not do this.', 'sondeo'), '', 403);
    }
    set_transient(TEST . get_current_user_id(), tested(settings()), 60);
    wp_safe_redirect(admin_url('options-general.php?page=' . PAGE));
    exit;
});

/** Whether the address answers as it should, in words. */
function tested(array $settings): array
{
    $more = ['timeout' => 10, 'redirection' => 0];
    if ($settings['endpoint'] !== '') {
        $address = $settings['endpoint'];
        $answer = wp_remote_post($address, $more + [
            'headers' => ['content-type' => 'application/json'],
            'body' => wp_json_encode(ping()),
        ]);
    } else {
        $address = untrailingslashit($settings['site']) . '/plan.json';
        $answer = wp_remote_get($address, $more);
    }
    if (is_wp_error($answer)) {
        /* translators: 1: an address, 2: what is wrong. */
        $text = sprintf(__('%1$s does not answer: %2$s', 'sondeo'), $address, $answer->get_error_message());
        return ['ok' => false, 'text' => $text];
    }
    $status = (int) wp_remote_retrieve_response_code($answer);
    // A collector stores no survey that it does not know, and this one nobody knows.
    $body = json_decode(wp_remote_retrieve_body($answer), true);
    if (is_array($body) && ($body['error']['code'] ?? '') === 'unknown_survey') {
        /* translators: 1: an address. */
        return ['ok' => true, 'text' => sprintf(__('%1$s works: it is a collector.', 'sondeo'), $address)];
    }
    if ($status >= 200 && $status < 300) {
        /* translators: 1: an address, 2: a status of HTTP. */
        return ['ok' => true, 'text' => sprintf(__('%1$s works: it answers %2$d.', 'sondeo'), $address, $status)];
    }
    /* translators: 1: an address, 2: a status of HTTP. */
    return ['ok' => false, 'text' => sprintf(__('%1$s answers %2$d, and an answer would not be stored.', 'sondeo'), $address, $status)];
}

/** A response that nobody has given, under a name of its own. */
function ping(): array
{
    $now = gmdate('Y-m-d\TH:i:s.000\Z');
    return [
        'sondeo' => 1,
        'id' => identity(),
        'revision' => 1,
        'status' => 'shown',
        'survey' => 'wordpress-test',
        'template' => null,
        'trigger' => 'manual',
        'language' => 'en',
        'answers' => [],
        'shown_at' => $now,
        'sent_at' => $now,
        'elapsed_ms' => 0,
        'page' => ['url' => home_url('/'), 'title' => get_bloginfo('name'), 'referrer' => ''],
        'client' => ['language' => 'en', 'time_zone' => 'UTC', 'device' => 'desktop', 'viewport' => [0, 0]],
        'visit' => 1,
        'visitor' => null,
        'user' => null,
        'custom' => (object) [],
        'widget' => VERSION,
    ];
}

/** A UUID of version 7: its first half is the time. */
function identity(): string
{
    $digits = str_pad(dechex((int) (microtime(true) * 1000)), 12, '0', STR_PAD_LEFT)
        . '7' . substr(bin2hex(random_bytes(2)), 1)
        . dechex(8 + random_int(0, 3)) . substr(bin2hex(random_bytes(8)), 1);
    return vsprintf('%s%s-%s-%s-%s-%s%s%s', str_split($digits, 4));
}
